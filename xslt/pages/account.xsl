<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /account: the own profile, view settings and sessions. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'account']" mode="heading">Account</xsl:template>

<xsl:template match="t:page[@kind = 'account']" mode="content">
	<xsl:for-each select="t:account">
		<div class="head"><h1>Account</h1></div>
		<div class="halves">
			<section class="card pad">
				<h2>Profile</h2>
				<dl class="facts">
					<dt>Name</dt><dd><bdi><xsl:value-of select="@name"/></bdi></dd>
					<dt>E-mail</dt><dd><xsl:value-of select="@email"/></dd>
					<dt>Job function</dt><dd><xsl:choose><xsl:when test="@job"><xsl:value-of select="@job"/></xsl:when><xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise></xsl:choose></dd>
					<dt>Role</dt><dd><xsl:call-template name="role-word"><xsl:with-param name="role" select="@role"/></xsl:call-template></dd>
					<dt>Company</dt><dd><bdi><xsl:value-of select="@tenant"/></bdi></dd>
				</dl>
			</section>
			<xsl:for-each select="t:view">
				<section class="card pad">
					<h2>View</h2>
					<dl class="facts">
						<dt>Columns</dt><dd><xsl:for-each select="../t:column[@shown]"><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="@title"/></xsl:for-each></dd>
						<dt>Density</dt><dd><xsl:choose><xsl:when test="@density = 'compact'">Compact</xsl:when><xsl:when test="@density = 'comfortable'">Comfortable</xsl:when><xsl:otherwise>Standard</xsl:otherwise></xsl:choose></dd>
						<dt>Rows a page</dt><dd><xsl:value-of select="@limit"/></dd>
					</dl>
				</section>
			</xsl:for-each>
		</div>
		<xsl:if test="t:session">
			<section class="card">
				<h2 class="cap">Sessions</h2>
				<ul>
					<xsl:for-each select="t:session">
						<li class="row">
							<span class="grow"><xsl:choose><xsl:when test="@agent"><xsl:value-of select="@agent"/></xsl:when><xsl:otherwise>Unknown browser</xsl:otherwise></xsl:choose><span class="hint block"><xsl:value-of select="@address"/> since <xsl:call-template name="instant"><xsl:with-param name="at" select="@since"/></xsl:call-template>, last seen <xsl:call-template name="instant"><xsl:with-param name="at" select="@seen"/></xsl:call-template></span></span>
							<xsl:if test="@current"><span class="tag">This one</span></xsl:if>
						</li>
					</xsl:for-each>
				</ul>
			</section>
		</xsl:if>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
