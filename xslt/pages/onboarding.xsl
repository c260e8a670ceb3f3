<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/onboarding: the tasks; opens as the pop-up of the ring. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'onboarding']" mode="heading">Onboarding of <xsl:value-of select="/t:page/t:customer/@name"/></xsl:template>

<xsl:template match="t:page[@kind = 'onboarding']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<xsl:for-each select="t:onboarding">
		<div class="card small" data-popup="">
			<xsl:choose>
				<xsl:when test="@complete"><p class="row"><span class="task done"></span>Onboarding is complete.</p></xsl:when>
				<xsl:otherwise>
					<p class="row ring"><xsl:call-template name="ring"/><span><xsl:value-of select="@done"/> of <xsl:value-of select="@total"/> tasks done</span></p>
					<ol><xsl:for-each select="t:task"><xsl:call-template name="task"/></xsl:for-each></ol>
				</xsl:otherwise>
			</xsl:choose>
		</div>
	</xsl:for-each>
</xsl:template>

<xsl:template name="task">
	<li class="row">
		<span class="task {@state}"></span>
		<span class="grow"><xsl:value-of select="@name"/><span class="hint block"><xsl:call-template name="task-state"/></span></span>
		<xsl:choose>
			<xsl:when test="@switch">
				<form method="post" action="{$base}switch">
					<xsl:call-template name="token"/>
					<input type="hidden" name="tenant" value="{@switch}"/>
					<xsl:if test="@next"><input type="hidden" name="next" value="{@next}"/></xsl:if>
					<button><span>Switch to <bdi><xsl:value-of select="@switch-name"/></bdi> and start</span></button>
				</form>
			</xsl:when>
			<xsl:when test="@href">
				<a class="button"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template><span>Start<span class="vh">: <xsl:value-of select="@name"/></span></span></a>
			</xsl:when>
		</xsl:choose>
	</li>
</xsl:template>

<xsl:template name="task-state">
	<xsl:choose>
		<xsl:when test="@state = 'done'">Done</xsl:when>
		<xsl:when test="@state = 'open'">Open</xsl:when>
		<xsl:otherwise>Waiting</xsl:otherwise>
	</xsl:choose>
	<xsl:if test="@for"> for <bdi><xsl:value-of select="@for"/></bdi></xsl:if>
</xsl:template>
</xsl:stylesheet>
