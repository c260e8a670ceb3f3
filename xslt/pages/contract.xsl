<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /contracts/CID: one version of a contract, with its form for its maker; or two versions side by side. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'contract']" mode="heading">
	<xsl:value-of select="/t:page/t:contract/@name"/>
	<xsl:for-each select="/t:page/t:comparison"><xsl:value-of select="@name"/> - Version <xsl:value-of select="t:version[1]/@number"/> and version <xsl:value-of select="t:version[2]/@number"/></xsl:for-each>
</xsl:template>

<xsl:template match="t:page[@kind = 'contract']" mode="content">
	<xsl:for-each select="t:comparison"><xsl:call-template name="comparison"/></xsl:for-each>
	<xsl:for-each select="t:contract">
		<xsl:call-template name="contract-crumb"/>
		<div class="head">
			<h1><bdi><xsl:value-of select="@name"/></bdi></h1>
			<xsl:call-template name="contract-status"/>
			<span class="tier"><xsl:call-template name="contract-version"/>, saved <xsl:call-template name="instant"><xsl:with-param name="at" select="@saved"/></xsl:call-template> by <bdi><xsl:value-of select="@saved-by"/></bdi></span>
			<xsl:call-template name="contract-deeds"/>
		</div>
		<xsl:for-each select="/t:page/t:form[@message and not(@name = 'contract')]"><p class="notice error" role="alert"><xsl:value-of select="@message"/></p></xsl:for-each>
		<xsl:call-template name="contract-others"/>
		<xsl:choose>
			<xsl:when test="/t:page/t:form[@name = 'contract']">
				<div class="beside">
					<section class="card pad">
						<h2 class="vh">Edit</h2>
						<xsl:for-each select="/t:page/t:form[@name = 'contract']"><xsl:call-template name="form"><xsl:with-param name="class">form sections</xsl:with-param></xsl:call-template></xsl:for-each>
					</section>
					<xsl:call-template name="versions"/>
				</div>
			</xsl:when>
			<xsl:otherwise>
				<div class="halves">
					<xsl:call-template name="contract-facts"/>
					<xsl:call-template name="versions"/>
				</div>
			</xsl:otherwise>
		</xsl:choose>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
