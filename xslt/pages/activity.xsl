<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/activity: the tab Activity, the audit log of the tenant. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'activity']" mode="heading"><xsl:value-of select="/t:page/t:customer/@name"/> - Activity</xsl:template>

<xsl:template match="t:page[@kind = 'activity']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="customer-head"/></xsl:for-each>
	<xsl:for-each select="t:activity">
		<section class="card" data-swap="">
			<h2 class="cap">Activity</h2>
			<xsl:choose>
				<xsl:when test="t:event"><ol class="scroll"><xsl:for-each select="t:event"><xsl:call-template name="event"/></xsl:for-each></ol></xsl:when>
				<xsl:otherwise><div class="empty"><h3>Nothing has happened yet</h3></div></xsl:otherwise>
			</xsl:choose>
			<xsl:if test="t:link"><div class="pager"><span class="hint">Times are UTC</span><span><xsl:call-template name="pager"/></span></div></xsl:if>
		</section>
	</xsl:for-each>
</xsl:template>

<xsl:template name="event">
	<li class="row event">
		<span class="when soft"><xsl:call-template name="instant"><xsl:with-param name="at" select="@at"/></xsl:call-template></span>
		<div class="grow">
			<p class="strong"><xsl:choose><xsl:when test="@title"><xsl:value-of select="@title"/></xsl:when><xsl:otherwise><xsl:value-of select="@action"/></xsl:otherwise></xsl:choose></p>
			<xsl:if test="@actor"><p class="soft"><bdi><xsl:value-of select="@actor"/></bdi><xsl:if test="@actor-tenant">, <bdi><xsl:value-of select="@actor-tenant"/></bdi></xsl:if><xsl:if test="@as">, as <bdi><xsl:value-of select="@as"/></bdi></xsl:if></p></xsl:if>
			<xsl:if test="t:change">
				<dl class="changes">
					<xsl:for-each select="t:change">
						<dt><xsl:value-of select="@field"/></dt>
						<dd>
							<xsl:if test="@from"><del><xsl:value-of select="@from"/></del><xsl:text> </xsl:text></xsl:if>
							<xsl:if test="@to"><ins><xsl:value-of select="@to"/></ins></xsl:if>
						</dd>
					</xsl:for-each>
				</dl>
			</xsl:if>
		</div>
	</li>
</xsl:template>
</xsl:stylesheet>
